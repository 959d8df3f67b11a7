//! healthie-mock at its front door: real HTTP, real receivers, told as its users would tell it.

mod cable;
mod catalogue;
mod causing;
mod control;
mod coverage;
mod deliveries;
mod events;
mod exports;
mod faults;
mod files;
mod following;
mod formats;
mod library;
mod limits;
mod openapi;
mod program;
mod receiver;
mod replays;
mod sandboxes;
mod server;
mod snapshots;
mod stories;
mod subscriptions;
mod time;
mod versions;
mod wire;
