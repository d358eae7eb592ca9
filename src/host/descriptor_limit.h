// How many connections and files the system lets the program have.
#pragma once

namespace simws::host {

// As many as the system allows without asking: the soft limit of descriptors becomes the hard one.
// For programs of our own, not for modules in somebody else's. Programs that a script starts
// inherit it.
void raise_descriptor_limit();

}  // namespace simws::host
