// The mathematics of charts, apart from their drawing.

/** Round numbers from 0, or below the least, to at least the greatest: at most five, three at least. */
export function ticks(least, greatest, count = 4) {
  const span = greatest - least || Math.abs(greatest) || 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((times) => times * power).find((each) => each >= rough * 0.999);
  const all = [];
  for (let index = Math.floor(least / step + 1e-9); ; index++) {
    all.push(Number((index * step).toPrecision(12)));
    if (index * step >= greatest - step * 1e-9) {
      break;
    }
  }
  return all.length < 2 ? [all[0], all[0] + step] : all;
}

/** Powers of ten from at most the least to at least the greatest, both above 0: two at least. */
export function decades(least, greatest) {
  const from = Math.floor(Math.log10(least) + 1e-9);
  const to = Math.max(from + 1, Math.ceil(Math.log10(greatest) - 1e-9));
  return Array.from({ length: to - from + 1 }, (_, index) => Number(`1e${from + index}`));
}

/** The points of a line, cut where a value is missing. */
export function segments(times, values, x, y) {
  const lines = [];
  let line = null;
  values.forEach((value, index) => {
    if (value === null || value === undefined) {
      line = null;
      return;
    }
    if (line === null) {
      line = [];
      lines.push(line);
    }
    line.push([x(times[index]), y(value)]);
  });
  return lines;
}

/** The last value that is there, or null. */
export function last(values) {
  for (let index = values.length - 1; index >= 0; index--) {
    if (values[index] !== null && values[index] !== undefined) {
      return values[index];
    }
  }
  return null;
}

/** Numbers a second of numbers a step. */
export function rates(counts, seconds) {
  return counts.map((count, index) => (seconds[index] > 0 ? count / seconds[index] : null));
}

/** What a sum is of another, place by place; null where there is nothing. */
export function ratios(counts, bases) {
  return counts.map((count, index) => (bases[index] > 0 ? count / bases[index] : null));
}

export const sum = (values) => values.reduce((total, value) => total + (value ?? 0), 0);

/** The place in ascending `times` that is nearest to `time`. */
export function nearest(times, time) {
  let best = 0;
  times.forEach((each, index) => {
    if (Math.abs(each - time) < Math.abs(times[best] - time)) {
      best = index;
    }
  });
  return best;
}
