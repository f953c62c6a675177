// Run by ConsoleInBrowserTest in a browser; writes "all passed", or what did not.

import * as format from "./format.js";
import * as rows from "./rows.js";
import * as scale from "./scale.js";
import { playground } from "./playground-tests.js";

const COLUMNS = [
  { name: "id", kind: "category" }, { name: "price", kind: "number" }, { name: "tags", kind: "list", separator: "|" },
  { name: "past", kind: "list", separator: null }, { name: "vector", kind: "vector", length: 2 }];
const failures = [];

function equal(found, expected, what) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    failures.push(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
  }
}

function refused(action, message) {
  try {
    failures.push(`${message}: expected a refusal, found ${JSON.stringify(action())}`);
  } catch (problem) {
    equal(problem.message, message, "message");
  }
}

equal(rows.items('id,price,tags,past,vector\n7,1.5e2,a|b,"3, 4",0.5 1\n"a ""b"", c",,,,\n\n', COLUMNS), [
  { id: "7", price: 150, tags: "a|b", past: ["3", "4"], vector: [0.5, 1] },
  { id: 'a "b", c', price: null, tags: null, past: null, vector: null }], "CSV");
equal(rows.items("id\tprice\n00012345678901234567890\t-1\r\n", COLUMNS),
  [{ id: "00012345678901234567890", price: -1 }], "a spreadsheet's rows, an id of many digits");
equal(rows.items(' [{"id": 5, "tags": ["a"]}]', COLUMNS), [{ id: 5, tags: ["a"] }], "JSON");
equal(rows.items("", COLUMNS), [], "nothing");
equal(rows.items('id\n"two\nlines"', COLUMNS), [{ id: "two\nlines" }], "a line end within quotes");
refused(() => rows.items("id,price\n1", COLUMNS), "line 2: expected 2 values, found 1");
refused(() => rows.items("id,price\n\n\n1,x", COLUMNS), "line 4, price: expected a number, found 'x'");
refused(() => rows.items("id,id\n1,2", COLUMNS), "line 1: expected different columns, found 'id' twice");
refused(() => rows.items('id\n"1', COLUMNS), "line 2: expected a closing quote");
refused(() => rows.items("vector\n1 2 3", COLUMNS), "line 2, vector: expected 2 numbers, found 3");
refused(() => rows.items("[1]", COLUMNS), "item 1: expected an object of columns");

const given = [{ id: "a,b", price: 1.25, tags: "x|y", past: [3, 4], vector: [1, 2] }, { id: "c", price: null }];
equal(rows.items(rows.csv(given, COLUMNS), COLUMNS), [
  { id: "a,b", price: 1.25, tags: "x|y", past: ["3", "4"], vector: [1, 2] },
  { id: "c", price: null, tags: null, past: null, vector: null }], "CSV that is read again");
equal(rows.csv([], COLUMNS), "id,price,tags,past,vector", "the names alone");

equal(scale.ticks(0, 1), [0, 0.25, 0.5, 0.75, 1], "round steps");
equal(scale.ticks(0, 97), [0, 25, 50, 75, 100], "to at least the greatest");
equal(scale.ticks(-0.3, 0.3, 3), [-0.4, -0.2, 0, 0.2, 0.4], "from at most the least");
for (const [least, greatest] of [[0, 0], [5, 5], [0, 1e-7], [-3, 1e9], [0.5196, 0.5197]]) {
  const steps = scale.ticks(least, greatest);
  equal(steps[0] <= least && steps.at(-1) >= greatest && steps.length >= 2 && steps.length <= 7, true,
    `steps of ${least} to ${greatest}: ${steps}`);
}
equal([scale.decades(1.5, 820), scale.decades(10, 10), scale.decades(0.02, 0.1)],
  [[1, 10, 100, 1000], [10, 100], [0.01, 0.1]], "powers of ten");
equal(scale.segments([0, 1, 2, 3], [1, null, 2, 3], (x) => x, (y) => y), [[[0, 1]], [[2, 2], [3, 3]]], "a gap");
equal(scale.rates([10, 0, 4], [5, 0, 8]), [2, null, 0.5], "rates");
equal(scale.nearest([10, 20, 30], 24), 1, "the nearest");
equal([0, 0.0712, 12.345, 6364, 322_400, 3_100_000, null].map(format.short),
  ["0", "0.0712", "12.3", "6,364", "322 k", "3.1 M", "–"], "short numbers");
equal([format.change(1.1, 1), format.change(0.5, 2), format.change(1, 0)], ["+10 %", "−75 %", "–"], "changes");
equal([format.signed(0.0312, 3), format.signed(-1.2, 2), format.signed(-1e-9, 2)], ["+0.031", "−1.20", "0.00"],
  "signs");
equal([0.25, 2.14, 651.2, 1500].map(format.millis), ["0.25 ms", "2.14 ms", "651 ms", "1.5 s"], "times");
equal([1, 59, 119, 120, 7200, 200_000].map(format.duration),
  ["1 s", "59 s", "119 s", "2 min", "2 h", "2 days"], "ages");

await playground(equal);

document.getElementById("out").textContent = failures.length ? failures.join("\n") : "all passed";
