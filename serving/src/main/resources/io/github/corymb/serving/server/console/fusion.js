// How the tasks' predictions become one score: one of the bundle's fusions, one task, or weights of one's own.

import { h } from "./dom.js";

const TYPES = {
  weighted_sum: "weighted sum, Σ w p",
  power_product: "product of powers, Σ w log p",
  rank_sum: "sum of ranks, Σ w rank",
};

export class FusionChoice {
  /** @param onChange is told of each change */
  constructor(onChange) {
    this.onChange = onChange;
    this.choice = h("select", { id: "fusion", onchange: () => this.changed() });
    this.type = h("select", { id: "fusion-type", onchange: onChange },
      Object.entries(TYPES).map(([value, words]) => h("option", { value }, words)));
    this.weights = new Map();
    this.sliders = h("div", { class: "weights" });
    this.own = h("div", { hidden: true },
      h("label", { class: "field", for: "fusion-type" }, h("span", {}, "Kind"), this.type), this.sliders);
    this.place = h("div", {}, h("label", { class: "field", for: "fusion" }, h("span", {}, "Fusion"), this.choice),
      this.own);
  }

  offer(schema) {
    const tasks = schema.tasks.filter((task) => !task.classes).map((task) => task.name);
    const group = (label, options) => (options.length ? h("optgroup", { label }, options) : null);
    const option = (value, words) => h("option", { value: JSON.stringify(value) }, words);
    this.choice.replaceChildren(...[
      option(null, "as the bundle has it"),
      group("Of the bundle", Object.entries(schema.fusions).map(([name, fusion]) =>
        option(name, `${name}: ${Object.entries(fusion.weights).map(([task, w]) => `${w} ${task}`).join(" + ")}`))),
      group("One task", tasks.map((task) => option({ type: "weighted_sum", weights: { [task]: 1 } }, `${task} alone`))),
      tasks.length ? option("", "own weights…") : null].filter(Boolean));
    this.weights = new Map(tasks.map((task) => [task, this.slider(task)]));
    this.sliders.replaceChildren(...[...this.weights].map(([task, { range, number }]) =>
      h("div", { class: "weight" }, h("label", { for: range.id }, task), range, number)));
    this.own.hidden = true;
  }

  slider(task) {
    const attributes = { step: "0.05", value: "1", min: "-2", max: "2" };
    const range = h("input", { ...attributes, type: "range", id: `weight-${task}`, oninput: () => {
      number.value = range.value;
      this.onChange();
    } });
    const number = h("input",
      { type: "number", step: "any", value: "1", "aria-label": `Weight of ${task}`, oninput: () => {
        range.value = number.value;
        this.onChange();
      } });
    return { range, number };
  }

  changed() {
    this.own.hidden = JSON.parse(this.choice.value) !== "";
    this.onChange();
  }

  /** The part of a request that says it; nothing for the bundle's own. */
  request() {
    const chosen = JSON.parse(this.choice.value || "null");
    if (chosen === null) {
      return {};
    }
    if (chosen !== "") {
      return { fusion: chosen };
    }
    const weights = [...this.weights].map(([task, { number }]) => [task, Number(number.value)])
      .filter(([, weight]) => weight !== 0);
    if (!weights.length) {
      throw new Error("fusion: expected a weight that is not 0");
    }
    return { fusion: { type: this.type.value, weights: Object.fromEntries(weights) } };
  }
}
