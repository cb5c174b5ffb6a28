// What is wrong with the files that describe a cluster, and where.

#pragma once

#include <string>
#include <utility>

#include "omashu/result.h"

namespace omashu::provision {

// A place in one of the files.
struct Place {
  std::string file;  // as the user named it
  TextPosition position;

  bool operator==(const Place&) const = default;
};

struct Mistake {
  Place place;
  std::string message;  // what is wrong, and what would be right
};

// `file:line:column: message`
std::string mistake_text(const Mistake& mistake);

}  // namespace omashu::provision
