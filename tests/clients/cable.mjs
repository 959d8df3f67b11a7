// Rails' client without a browser: what it expects of one.
import { adapters, createConsumer } from "@rails/actioncable";
import WebSocket from "ws";

adapters.WebSocket = WebSocket;
globalThis.document = { visibilityState: "visible" };
globalThis.addEventListener = () => {};
globalThis.removeEventListener = () => {};

export { createConsumer };
