// What the page asks the server. Paths are relative, so that a proxy may put the console below any path.

const TIMEOUT_MILLIS = 10_000;

async function ask(path, body) {
  const response = await fetch(path, {
    method: body === undefined ? "GET" : "POST",
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body,
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT_MILLIS),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(answer.error ?? `the server answered ${response.status}`);
  }
  return answer;
}

const name = encodeURIComponent;

export const status = (window) => ask(`v1/status?window=${name(window)}`);
export const ready = () => ask("v2/health/ready").then(() => null, (problem) => problem.message);
export const schema = (model, version) => ask(`v1/models/${name(model)}/versions/${name(version)}/schema`);
export const rankPath = (model, version) => `v1/models/${name(model)}/versions/${name(version)}:rank`;
export const rank = (model, version, request) => ask(rankPath(model, version), JSON.stringify(request));
