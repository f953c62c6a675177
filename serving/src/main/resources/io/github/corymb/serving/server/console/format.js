// Numbers as people read them at a glance.

const LOCALE = "en-GB";
const digits = (count) => new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: count });
const THREE = digits(3);
const TWO = digits(2);
const WHOLE = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });

const missing = (value) => value === null || value === undefined || !Number.isFinite(value);

/** Three digits with k and M: 0.25, 12.3, 1.24 k, 3.1 M. */
export function short(value) {
  if (missing(value)) {
    return "–";
  }
  const size = Math.abs(value);
  if (size >= 1e6) {
    return THREE.format(value / 1e6) + " M";
  }
  return size >= 1e4 ? THREE.format(value / 1e3) + " k" : size >= 100 ? WHOLE.format(value) : THREE.format(value);
}

/** A prediction or score with what tells neighbours apart. */
export function score(value) {
  if (missing(value)) {
    return "–";
  }
  const size = Math.abs(value);
  return size === 0 ? "0" : size >= 100 ? WHOLE.format(value) : size >= 0.001 ? value.toFixed(size >= 10 ? 2 : 4)
    : value.toExponential(2);
}

/** With its sign and so many decimals: +0.031, −0.002, 0.000. */
export function signed(value, decimals) {
  if (missing(value)) {
    return "–";
  }
  const size = Math.abs(value).toFixed(decimals);
  return (Number(size) === 0 ? "" : value < 0 ? "−" : "+") + size;
}

export function millis(value) {
  if (value >= 1000) {
    return THREE.format(value / 1000) + " s";
  }
  return missing(value) ? "–" : (value >= 100 ? WHOLE : value >= 1 ? THREE : TWO).format(value) + " ms";
}

/** The relative difference to a number: +4.2 %, −0.3 %. */
export function change(value, from) {
  if (missing(value) || missing(from) || from === 0) {
    return "–";
  }
  const percent = (100 * (value - from)) / Math.abs(from);
  return (percent < 0 ? "−" : "+") + Math.abs(percent).toFixed(Math.abs(percent) >= 10 ? 0 : 1) + " %";
}

/** 42 s, 5 min, 3 h, 12 days. */
export function duration(seconds) {
  if (missing(seconds)) {
    return "–";
  }
  for (const [unit, size] of [["days", 86400], ["h", 3600], ["min", 60]]) {
    if (seconds >= 2 * size) {
      return Math.floor(seconds / size) + " " + unit;
    }
  }
  return Math.max(0, Math.floor(seconds)) + " s";
}

export function clock(epochSeconds, withSeconds = true) {
  const options = { hour: "2-digit", minute: "2-digit", second: withSeconds ? "2-digit" : undefined };
  return new Date(epochSeconds * 1000).toLocaleTimeString(LOCALE, options);
}
