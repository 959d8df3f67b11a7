// Where the API is, and as whom it is called.
import assert from "node:assert/strict";

const { HEALTHIE_API_URL: url, HEALTHIE_WS_URL: ws, HEALTHIE_API_KEY: key } = process.env;
assert.ok(url && ws && key, "HEALTHIE_API_URL, HEALTHIE_WS_URL and HEALTHIE_API_KEY say where and as whom");

const headers = { Authorization: `Basic ${key}`, AuthorizationSource: "API" };

export { headers, key, url, ws };
