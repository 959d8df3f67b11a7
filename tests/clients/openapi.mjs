// The description of the control API, as tools that read such documents see it: OpenAPI 3.1, with every reference in place.
import assert from "node:assert/strict";
import SwaggerParser from "@apidevtools/swagger-parser";
import { url } from "./api.mjs";

const address = new URL("/_mock/openapi.json", url);
const document = await (await fetch(address)).json();
const api = await SwaggerParser.validate(structuredClone(document));
assert.equal(api.openapi, "3.1.0");
assert.deepEqual(Object.keys(api.paths), Object.keys(document.paths));
assert.ok(api.paths["/_mock/sandboxes/{id}"].get.responses["200"].content["application/json"].schema.properties.keys);

// It is refused where something is missing.
delete document.components.schemas.Sandbox;
await assert.rejects(SwaggerParser.validate(document), /Sandbox/);

console.log("openapi: ok");
