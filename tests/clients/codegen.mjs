// GraphQL Code Generator: from the served introspection of each version to types that an application compiles with.
import { generate } from "@graphql-codegen/cli";
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { headers, url } from "./api.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const configured = {
  config: { enumsAsTypes: true, scalars: { Cursor: "string", ISO8601Date: "string", ISO8601DateTime: "string" } },
  plugins: ["typescript", "typescript-operations"],
};
const strictly = { module: ts.ModuleKind.NodeNext, noEmit: true, strict: true, target: ts.ScriptTarget.ES2022, types: [] };

for (const version of ["2024-06-01", "2026-01-01"]) {
  const folder = at(`codegen/${version}`);
  const [{ content }] = await generate({
    documents: `${folder}/operations.graphql`,
    generates: { [`${folder}/generated.ts`]: configured },
    schema: { [url]: { headers: { ...headers, "Healthie-GraphQL-API-Version": version } } },
    silent: true,
  });
  assert.match(content, /^export type PatientsQuery = /m);

  const program = ts.createProgram([`${folder}/use.ts`], strictly);
  const found = ts.getPreEmitDiagnostics(program);
  const shown = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => folder, getNewLine: () => "\n" };
  assert.equal(found.length, 0, ts.formatDiagnostics(found, shown));
}

console.log("codegen: ok");
