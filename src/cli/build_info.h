// Which build this is.

#pragma once

#include <string>

namespace omashu::cli {

// "omashu 0.1.0 (commit 1a2b3c4, Release, GNU 12.2.0)"; the commit where the sources came with one.
std::string build_description();

}  // namespace omashu::cli
