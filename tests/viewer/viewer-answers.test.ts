import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, Unreachable } from "../../ohif-extension/src/api.ts";
import { whyNot } from "../../ohif-extension/src/refusals.ts";

const refused = (status: number, headers: Record<string, string> = {}) =>
  whyNot(new ApiError(new Response("", { status, headers })), "Not kept");

test("an answer that was not kept says why, and when to try again where the server told", () => {
  assert.match(refused(429, { "retry-after": "12" }), /too many answers at once\. Try again in 12 s/);
  assert.match(refused(429), /Try again in a minute/);
  assert.match(refused(429, { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" }), /Try again in a minute/);
  assert.match(refused(403), /Vigil's own address/);
  assert.match(whyNot(new Unreachable(new TypeError("Failed to fetch")), "Not kept"), /cannot be reached/);
});
