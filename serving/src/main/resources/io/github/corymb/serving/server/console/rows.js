// What people type or paste, as the values of a request.

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The value of one column from its text; null for nothing. Throws an Error that says what was expected. */
export function value(column, words) {
  const trimmed = words.trim();
  if (trimmed === "") {
    return null;
  }
  switch (column?.kind) {
    case "number":
      return number(trimmed);
    case "vector": {
      const numbers = list(trimmed, null).map(number);
      if (numbers.length !== column.length) {
        throw new Error(`expected ${column.length} numbers, found ${numbers.length}`);
      }
      return numbers;
    }
    case "list": // entries in a text stay so where the bundle separates them itself
      return column.separator && !trimmed.startsWith("[") ? trimmed : list(trimmed, column.separator);
    default:
      return trimmed;
  }
}

function number(words) {
  if (!NUMBER.test(words)) {
    throw new Error(`expected a number, found '${words}'`);
  }
  return Number(words);
}

function list(words, separator) {
  if (words.startsWith("[")) {
    return JSON.parse(words);
  }
  return words.split(separator ?? /[\s,;|]+/).map((entry) => entry.trim()).filter((entry) => entry !== "");
}

/** The text of a value, as `value` reads it again. */
export function words(column, given) {
  if (given === null || given === undefined) {
    return "";
  }
  if (Array.isArray(given)) {
    return column?.kind === "list" && given.every((entry) => /^[\w.-]+$/.test(entry)) ? given.join("|")
      : JSON.stringify(given);
  }
  return String(Number.isInteger(given) || typeof given !== "number" ? given : Number(given.toPrecision(6)));
}

/**
 * Items from JSON, a list of objects, or from rows of CSV or of a spreadsheet whose first row names the columns.
 * Throws an Error with the line.
 */
export function items(pasted, columns) {
  if (pasted.trim().startsWith("[")) {
    const parsed = JSON.parse(pasted);
    parsed.forEach((item, index) => {
      if (item === null || typeof item !== "object" || Array.isArray(item)) {
        throw new Error(`item ${index + 1}: expected an object of columns`);
      }
    });
    return parsed;
  }
  const rows = table(pasted);
  if (!rows.length) {
    return [];
  }
  const names = rows[0].fields.map((name) => name.trim());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new Error(`line 1: expected different columns, found '${twice}' twice`);
  }
  const kinds = names.map((name) => columns.find((column) => column.name === name));
  return rows.slice(1).map(({ line, fields }) => {
    if (fields.length !== names.length) {
      throw new Error(`line ${line}: expected ${names.length} values, found ${fields.length}`);
    }
    return Object.fromEntries(names.map((name, index) => {
      try {
        return [name, value(kinds[index], fields[index])];
      } catch (problem) {
        throw new Error(`line ${line}, ${name}: ${problem.message}`);
      }
    }));
  });
}

/** Rows of items as CSV with the names of the columns, which `items` reads again. */
export function csv(rows, columns) {
  const quoted = (field) => (/[",\n\t]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
  const names = [...new Set([...columns.map((column) => column.name), ...rows.flatMap(Object.keys)])];
  const used = rows.length ? names.filter((name) => rows.some((row) => row[name] !== undefined)) : names;
  const lines = rows.map((row) =>
    used.map((name) => quoted(words(columns.find((column) => column.name === name), row[name]))).join(","));
  return [used.map(quoted).join(","), ...lines].join("\n");
}

/** The rows of RFC 4180, with commas, or with tabs where the first line has one; empty lines are left out. */
function table(pasted) {
  const separator = pasted.split("\n", 1)[0].includes("\t") ? "\t" : ",";
  const rows = [];
  let [line, begun] = [1, 1];
  let fields = [];
  let field = "";
  let quoted = false;
  const end = () => {
    fields.push(field);
    if (fields.some((each) => each.trim() !== "")) {
      rows.push({ line: begun, fields });
    }
    [fields, field, begun] = [[], "", line];
  };
  for (let at = 0; at < pasted.length; at++) {
    const letter = pasted[at];
    line += letter === "\n" ? 1 : 0;
    if (quoted) {
      if (letter !== '"') {
        field += letter;
      } else if (pasted[at + 1] === '"') {
        field += pasted[++at];
      } else {
        quoted = false;
      }
    } else if (letter === '"' && field === "") {
      quoted = true;
    } else if (letter === separator) {
      fields.push(field);
      field = "";
    } else if (letter === "\n") {
      end();
    } else if (letter !== "\r") {
      field += letter;
    }
  }
  if (quoted) {
    throw new Error(`line ${begun}: expected a closing quote`);
  }
  end();
  return rows;
}
