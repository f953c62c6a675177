// A playground as someone uses it, with a made-up server that keeps what it is asked.

import { Playground } from "./playground.js";

const SCHEMA = {
  model: "shop", version: "3", bundle: "0123456789abcdef",
  context: [{ name: "user_id", side: "user", kind: "category" }, { name: "age", side: "context", kind: "number" }],
  items: [{ name: "item_id", side: "item", kind: "category" }],
  tasks: [{ name: "click", type: "binary" }, { name: "level", type: "multiclass", classes: ["low", "high"] }],
  fusions: { "<b>main": { type: "weighted_sum", weights: { click: 1 } } },
  examples: {
    contexts: [{ user_id: 5, age: 30 }, { user_id: 6, age: null }], items: [{ item_id: "a" }, { item_id: "b" }] },
};
const VERSIONS = [{ model: "shop", version: "3", bundle: SCHEMA.bundle, labels: ["stable"] }];

const asked = [];
let answer;

function answerOf(request) {
  return {
    model: "shop", version: "3", bundle: SCHEMA.bundle, fusion: "request",
    items: request.items.map((_, place) => ({
      index: request.items.length - 1 - place, score: 1 - place / 4,
      tasks: { click: 0.5, level: [0.25, 0.75] },
      explanation: { click: { user_id: 0.125, item_id: -0.25 }, level: { user_id: [0.5, -0.5], item_id: [0, 0] } },
    })),
  };
}

async function fetchMadeUp(path, { body }) {
  if (body === undefined) {
    return new Response(JSON.stringify(SCHEMA));
  }
  asked.push({ path, request: JSON.parse(body) });
  return answer ?? new Response(JSON.stringify(answerOf(JSON.parse(body))));
}

const rest = () => new Promise((resolve) => setTimeout(resolve, 400));

export async function playground(equal) {
  globalThis.fetch = fetchMadeUp;
  const place = document.body.appendChild(document.createElement("section"));
  const find = (selector) => place.querySelector(selector);
  const change = (element, value, event = "input") => {
    element.value = value;
    element.dispatchEvent(new Event(event));
  };
  const view = new Playground(place);
  view.open(new URLSearchParams());
  view.offer(VERSIONS);
  await rest();
  equal([...place.querySelectorAll(".fields input")].map((input) => input.value), ["5", "30"], "the first example");
  equal(asked.length, 0, "nothing is ranked before it is asked for");

  find("[aria-label='Next example']").click();
  find("form").requestSubmit();
  await rest();
  equal(asked.pop(), { path: "v1/models/shop/versions/3:rank", request: {
    context: { user_id: "6" }, items: [{ item_id: "a" }, { item_id: "b" }], top_k: 20, explain: { items: 20 } } },
  "the request of the second example");
  const names = [...place.querySelectorAll("tbody th")].map((cell) => cell.firstChild.textContent);
  equal(names, ["b", "a"], "as they were ranked");
  const differences = () => [...place.querySelectorAll(".differences li")].map((line) => line.textContent);
  equal(differences(), ["item_id−0.250", "user_id+0.125"], "the longest difference first");
  [...place.querySelectorAll(".why button")].find((button) => button.textContent === "level").click();
  equal(differences(), ["user_id−0.500", "item_id0.000"], "of the probable class");

  place.querySelectorAll("tbody tr")[0].dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown" }));
  equal([...place.querySelectorAll("tbody tr")].map((row) => row.getAttribute("aria-selected")), ["false", "true"],
    "chosen by the keyboard");

  equal([...find("#fusion").options].map((option) => option.text),
    ["as the bundle has it", "<b>main: 1 click", "click alone", "own weights…"], "fusions");
  change(find("#fusion"), JSON.stringify("<b>main"), "change");
  await rest();
  equal(asked.pop().request.fusion, "<b>main", "a fusion by name");
  change(find("#fusion"), JSON.stringify(""), "change");
  change(find("#weight-click"), "0.5");
  change(find("#fusion-type"), "rank_sum", "change");
  await rest();
  equal(asked.pop().request.fusion, { type: "rank_sum", weights: { click: 0.5 } }, "weights of one's own");

  asked.length = 0;
  change(find("#items"), "item_id,colour\na,red\nb");
  find("form").requestSubmit();
  await rest();
  equal(asked.length, 0, "nothing is asked that cannot be read");
  equal(find(".notice.bad").textContent, "items: line 3: expected 2 values, found 1", "what is wrong with it");
  change(find("#items"), "colour\nred");
  equal(find("#items-note").textContent,
    "1 item · without item_id, which count as missing · no feature reads colour",
    "columns that are not the model's");
  answer = new Response('{"error": "items: <i>no</i>"}', { status: 400 });
  find("form").requestSubmit();
  await rest();
  equal(find(".notice.bad").textContent, "items: <i>no</i>", "what the server said");
  place.remove();
}
