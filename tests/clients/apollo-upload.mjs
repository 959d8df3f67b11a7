// Apollo Client with the usual link for uploads: files go as a multipart request, and come back through a link.
import assert from "node:assert/strict";
import { ApolloClient, InMemoryCache, gql } from "@apollo/client";
import UploadHttpLink from "apollo-upload-client/UploadHttpLink.mjs";
import { headers, url } from "./api.mjs";

const client = new ApolloClient({ cache: new InMemoryCache(), link: new UploadHttpLink({ uri: url, headers }) });

const { data: people } = await client.query({ query: gql`{ users(page_size: 1) { id } }` });
const patient = people.users[0].id;

// A file in an input.
const answered = `document { id display_name extension file_content_type expiring_url rel_user { id } } messages { field message }`;
const Keep = gql`mutation Keep($input: createDocumentInput) { createDocument(input: $input) { ${answered} } }`;
const text = "What was agreed: naïve, 日本語.\r\n--a line that looks like a boundary--\r\n";
const file = new File([text], "agreement.txt", { type: "text/plain" });
const input = { file, display_name: "Agreement", rel_user_id: patient, share_with_rel: false };
const { data: kept } = await client.mutate({ mutation: Keep, variables: { input } });
assert.equal(kept.createDocument.messages, null);
const { document } = kept.createDocument;
assert.equal(document.display_name, "Agreement");
assert.equal(document.file_content_type, "text/plain");
assert.equal(document.rel_user.id, patient);
const fetched = await fetch(document.expiring_url);
assert.equal(fetched.status, 200);
assert.equal(await fetched.text(), text);

// Two files in one operation, of bytes that are no text.
const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
const named = (name) => new File([bytes], name, { type: "application/octet-stream" });
const KeepBoth = gql`
  mutation KeepBoth($one: createDocumentInput, $two: createDocumentInput) {
    one: createDocument(input: $one) { ${answered} }
    two: createDocument(input: $two) { ${answered} }
  }
`;
const [one, two] = ["one.bin", "two.bin"].map((name) => ({ file: named(name), display_name: name, rel_user_id: patient }));
const { data: both } = await client.mutate({ mutation: KeepBoth, variables: { one, two } });
for (const [{ document, messages }, name] of [[both.one, "one.bin"], [both.two, "two.bin"]]) {
  assert.equal(messages, null);
  assert.equal(document.display_name, name);
  assert.deepEqual(new Uint8Array(await (await fetch(document.expiring_url)).arrayBuffer()), bytes);
}

// A picture of oneself, which everybody may fetch.
const Show = gql`mutation Show($input: updateUserInput) { updateUser(input: $input) { user { id avatar_url } messages { field message } } }`;
const png = new Blob([Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), bytes], { type: "image/png" });
const { data: me } = await client.query({ query: gql`{ currentUser { id } }` });
const { data: shown } = await client.mutate({ mutation: Show, variables: { input: { id: me.currentUser.id, avatar: png } } });
assert.equal(shown.updateUser.messages, null);
const picture = await fetch(shown.updateUser.user.avatar_url);
assert.deepEqual(await picture.arrayBuffer(), await png.arrayBuffer());

console.log("apollo-upload: ok");
