// The view to try a model: a user, items, a fusion, and what comes of them.

import { h, text } from "./dom.js";
import { FusionChoice } from "./fusion.js";
import { Answer } from "./answer.js";
import * as rows from "./rows.js";
import * as server from "./server.js";

const EXPLAIN_LIMIT = 50; // the server's

export class Playground {
  constructor(place) {
    this.wanted = new URLSearchParams();
    this.versions = [];
    this.schema = null;
    this.asked = 0;
    this.model = h("select", { id: "model", onchange: () => this.load() });
    this.context = h("div", { class: "fields" });
    this.exampleName = h("span", { class: "note" });
    this.stepper = h("span", { class: "stepper", hidden: true },
      h("button", { type: "button", "aria-label": "Example before", onclick: () => this.step(-1) }, "‹"),
      this.exampleName,
      h("button", { type: "button", "aria-label": "Next example", onclick: () => this.step(1) }, "›"));
    this.items = h("textarea", { id: "items", rows: "14", spellcheck: "false", wrap: "off",
      "aria-describedby": "items-note", oninput: () => this.count() });
    this.itemsNote = h("p", { id: "items-note", class: "note" });
    this.fusion = new FusionChoice(() => this.rankAgain());
    this.top = h("input", { id: "top", type: "number", min: "1", value: "20", oninput: () => this.rankAgain() });
    this.explain = h("input", { id: "explain", type: "checkbox", checked: true });
    this.button = h("button", { type: "submit", class: "primary" }, "Rank");
    this.problem = h("p", { class: "notice bad", role: "alert", hidden: true });
    this.answer = new Answer();
    this.form = h("form", { class: "card ask", onsubmit: (event) => {
      event.preventDefault();
      this.rank();
    }, onkeydown: (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.rank();
      }
    } },
    h("label", { class: "field", for: "model" }, h("span", {}, "Model"), this.model),
    h("fieldset", {}, h("legend", {}, "User and context ", this.stepper), this.context),
    h("fieldset", {}, h("legend", {}, "Items"),
      h("label", { class: "hint", for: "items" },
        "Rows of CSV or of a spreadsheet under the columns’ names, or a JSON list."), this.items, this.itemsNote),
    h("fieldset", {}, h("legend", {}, "Score"), this.fusion.place,
      h("div", { class: "row" },
        h("label", { class: "inline", for: "top" }, "Best ", this.top),
        h("label", { class: "inline", for: "explain" }, this.explain, " Explain by feature"))),
    h("div", { class: "row submit" }, this.button, h("span", { class: "note" }, "Ctrl + Enter")), this.problem);
    place.append(h("div", { class: "try" }, this.form, this.answer.place));
  }

  /** @param wanted of the address: model, version, user (an example's number from 1), and run */
  open(wanted) {
    this.wanted = wanted;
    this.choose();
  }

  /** Takes up which versions are served. */
  offer(versions) {
    const names = (list) => list.map((each) => `${each.model} ${each.version} ${each.bundle} ${each.labels}`).join();
    if (names(versions) !== names(this.versions)) {
      const chosen = this.model.value;
      this.versions = versions;
      this.model.replaceChildren(...versions.map((each) => h("option", { value: key(each) },
        `${each.model} · version ${each.version}${each.labels.length ? ` (${each.labels.join(", ")})` : ""}`)));
      if (versions.some((each) => key(each) === chosen)) {
        this.model.value = chosen;
      }
      this.choose();
    }
  }

  /** Chooses what the address asks for, once the versions are known. */
  choose() {
    const [model, version] = [this.wanted.get("model"), this.wanted.get("version")];
    const found = this.versions.findLast((each) => (!model || each.model === model)
      && (version ? each.version === version : !model || each.labels.includes("stable")))
      ?? this.versions.findLast((each) => each.model === model);
    if (found && model) {
      this.model.value = key(found);
    }
    if (this.versions.length) {
      this.load();
    }
  }

  /** Makes the form of the chosen version, with an example where it has some. */
  async load() {
    const chosen = this.versions.find((each) => key(each) === this.model.value);
    if (!chosen) {
      return;
    }
    const run = this.wanted.has("run");
    const loaded = chosen.model + chosen.version + chosen.bundle;
    try {
      if (this.loaded !== loaded) {
        this.schema = await server.schema(chosen.model, chosen.version);
        this.loaded = loaded;
        this.build();
      }
      if (run) {
        this.wanted.delete("run");
        await this.rank();
      }
    } catch (problem) {
      this.fail(problem);
    }
  }

  build() {
    const { context, items, examples } = this.schema;
    this.inputs = new Map(context.map((column) => [column, h("input", {
      type: "text", id: `column-${column.name}`, placeholder: hint(column), autocomplete: "off", spellcheck: "false",
      inputmode: column.kind === "number" ? "decimal" : null })]));
    const width = (column) => (["list", "vector"].includes(column.kind) ? "field wide" : "field");
    this.context.replaceChildren(...context.map((column) => h("label",
      { class: width(column), for: `column-${column.name}` },
      h("span", {}, column.name, h("small", {}, ` ${column.side}`)), this.inputs.get(column))));
    this.fusion.offer(this.schema);
    this.items.placeholder = items.map((column) => column.name).join(",");
    this.stepper.hidden = !examples?.contexts.length;
    this.example = Math.max(0, Number(this.wanted.get("user") ?? 1) - 1);
    this.step(0);
    this.items.value = rows.csv(examples?.items ?? [], items);
    this.count();
  }

  /** Fills in another example user. */
  step(by) {
    const contexts = this.schema.examples?.contexts ?? [];
    if (contexts.length) {
      this.example = (this.example + by + contexts.length) % contexts.length;
      for (const [column, input] of this.inputs) {
        input.value = rows.words(column, contexts[this.example][column.name]);
      }
      text(this.exampleName, `example ${this.example + 1} of ${contexts.length}`);
      if (by) {
        this.rankAgain();
      }
    }
  }

  /**
   * Says how many items were understood, and which columns are not as the model knows them. Gives the items, or null
   * where it says what is wrong.
   */
  count() {
    try {
      const items = rows.items(this.items.value, this.schema.items);
      const given = new Set(items.flatMap(Object.keys));
      const known = this.schema.items.map((column) => column.name);
      const missing = known.filter((name) => !given.has(name));
      const unknown = [...given].filter((name) => name !== "id" && !known.includes(name));
      this.itemsNote.className = "note";
      text(this.itemsNote, [`${items.length} ${items.length === 1 ? "item" : "items"}`,
        items.length && missing.length ? `without ${missing.join(", ")}, which count as missing` : null,
        unknown.length ? `no feature reads ${unknown.join(", ")}` : null].filter(Boolean).join(" · "));
      return items;
    } catch (problem) {
      this.itemsNote.className = "note bad";
      text(this.itemsNote, problem.message);
      return null;
    }
  }

  request() {
    const context = {};
    for (const [column, input] of this.inputs) {
      try {
        const value = rows.value(column, input.value);
        if (value !== null) {
          context[column.name] = value;
        }
      } catch (problem) {
        input.focus();
        throw new Error(`${column.name}: ${problem.message}`);
      }
    }
    const items = this.count();
    if (!items?.length) {
      throw new Error(`items: ${items ? "expected at least one row under the columns’ names"
        : this.itemsNote.textContent}`);
    }
    const top = Math.max(1, Number(this.top.value) || 20);
    const request = { context, items, ...this.fusion.request(), top_k: top };
    return this.explain.checked ? { ...request, explain: { items: Math.min(top, EXPLAIN_LIMIT) } } : request;
  }

  async rank() {
    if (!this.schema) {
      return;
    }
    const turn = ++this.asked;
    try {
      const request = this.request();
      this.button.disabled = true;
      const start = performance.now();
      const ranking = await server.rank(this.schema.model, this.schema.version, request);
      if (turn === this.asked) {
        this.problem.hidden = true;
        this.answer.show(ranking, request, this.schema, performance.now() - start);
        this.ranked = true;
      }
    } catch (problem) {
      this.fail(problem);
    } finally {
      this.button.disabled = false;
    }
  }

  /** After a change, where there is an answer already that would not be true any more. */
  rankAgain() {
    if (this.ranked) {
      clearTimeout(this.again);
      this.again = setTimeout(() => this.rank(), 150);
    }
  }

  fail(problem) {
    text(this.problem, problem.message);
    this.problem.hidden = false;
  }
}

const key = (version) => JSON.stringify([version.model, version.version]);

function hint(column) {
  switch (column.kind) {
    case "number":
      return "a number";
    case "vector":
      return `${column.length} numbers`;
    case "list":
      return `several, such as a${column.separator ?? "|"}b; at most ${column.length} count`;
    default:
      return "an id or a word";
  }
}
