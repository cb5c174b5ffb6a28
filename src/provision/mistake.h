// What is wrong with the files that describe a cluster, and where.

#pragma once

#include <string>
#include <utility>
#include <vector>

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

// What was found in the files. Nothing is done while there is a mistake; a warning is of what can be done, and was most
// likely not meant.
struct Findings {
  std::vector<Mistake> mistakes;
  std::vector<Mistake> warnings;
};

// `file:line:column: message`
std::string mistake_text(const Mistake& mistake);
// `file:line:column: warning: message`
std::string warning_text(const Mistake& warning);

}  // namespace omashu::provision
