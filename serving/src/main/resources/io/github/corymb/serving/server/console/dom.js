// Elements without markup: text is text, whatever the server sends.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an HTML element. Attributes that are functions become listeners (`onclick`), null and false ones are left out,
 * children may be nodes, text, or null.
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Makes an SVG element. */
export function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Sets the one text of an element, and touches nothing where it is the same. */
export function text(element, value) {
  if (element.textContent !== value) {
    element.textContent = value;
  }
}
