// Rails' own client: connects, subscribes, hears of a message, and unsubscribes.
import assert from "node:assert/strict";
import { headers, key, url, ws } from "./api.mjs";
import { createConsumer } from "./cable.mjs";

const PATIENCE = 10_000;

async function graphql(query, variables) {
  const json = { ...headers, "Content-Type": "application/json" };
  const response = await fetch(url, { method: "POST", headers: json, body: JSON.stringify({ query, variables }) });
  const answer = await response.json();
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  return answer.data;
}

// What arrives, one after the other.
class Inbox {
  #kept = [];
  #waiting = [];

  put(item) {
    const next = this.#waiting.shift();
    if (next) next(item);
    else this.#kept.push(item);
  }

  next(what) {
    if (this.#kept.length > 0) return Promise.resolve(this.#kept.shift());
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no ${what} in ${PATIENCE} ms`)), PATIENCE);
      this.#waiting.push((item) => {
        clearTimeout(late);
        resolve(item);
      });
    });
  }

  isEmpty() {
    return this.#kept.length === 0;
  }
}

function channel(consumer, channelId) {
  const [states, messages] = [new Inbox(), new Inbox()];
  const subscription = consumer.subscriptions.create({ channel: "GraphqlChannel", channelId }, {
    connected: () => states.put("connected"),
    rejected: () => states.put("rejected"),
    disconnected: () => states.put("disconnected"),
    received: (message) => messages.put(message),
  });
  return { subscription, states, messages };
}

const { users } = await graphql("{ users(page_size: 1) { id } }");
const invite = `mutation($with: String) {
  createConversation(input: { simple_added_users: $with, name: "Client test" }) { conversation { id } messages { message } }
}`;
const { createConversation } = await graphql(invite, { with: `user-${users[0].id}` });
assert.equal(createConversation.messages, null);
const talk = createConversation.conversation.id;
const say = (content) =>
  graphql(
    `mutation($talk: String, $content: String) {
      createNote(input: { conversation_id: $talk, content: $content }) { messages { message } }
    }`,
    { talk, content },
  );

const consumer = createConsumer(`${ws}?token=${key}`);
const heard = channel(consumer, "1");
assert.equal(await heard.states.next("confirmation"), "connected");
const query = "subscription Said($talk: String) { noteAddedSubscription(conversationId: $talk) { content } }";
heard.subscription.perform("execute", { query, variables: { talk }, operationName: "Said" });
assert.deepEqual(await heard.messages.next("first answer"), { result: { data: {} }, more: true });

await say("Hello");
const told = (content) => ({ result: { data: { noteAddedSubscription: { content } } }, more: true });
assert.deepEqual(await heard.messages.next("event"), told("Hello"));

// A second channel on the same socket, whose document is answered once.
const asked = channel(consumer, "2");
assert.equal(await asked.states.next("confirmation"), "connected");
asked.subscription.perform("execute", { query: "{ __typename }" });
assert.deepEqual(await asked.messages.next("answer"), { result: { data: { __typename: "Query" } }, more: false });

// Frames are read in order: once the second channel is answered, the first is closed.
heard.subscription.unsubscribe();
asked.subscription.perform("execute", { query: "{ __typename }" });
await asked.messages.next("answer");
await say("To nobody");
asked.subscription.perform("execute", { query: "{ __typename }" });
await asked.messages.next("answer");
assert.ok(heard.messages.isEmpty(), "a closed channel hears nothing");

const stranger = createConsumer(`${ws}?token=${key}-wrong`);
const turned = channel(stranger, "1");
assert.equal(await turned.states.next("disconnection"), "disconnected");
assert.equal(stranger.connection.isActive(), false);

consumer.disconnect();
stranger.disconnect();
console.log("actioncable: ok");
