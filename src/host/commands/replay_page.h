// The page of `simws replay`.
#pragma once

#include "recording/entry.h"

#include <string>

namespace simws::host {

// Says what is replayed, and shows the messages as they come.
std::string replay_page(const std::string& file, const recording::Header& header);

}  // namespace simws::host
