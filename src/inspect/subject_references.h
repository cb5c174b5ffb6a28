// Who refers to a version of a subject.

#pragma once

#include <string>
#include <vector>

#include "schema_registry/client/client.h"

namespace omashu::inspect {

struct Referrer {
  std::string type;  // the name by which it refers
  std::string subject;
  int version = 0;
};

Result<std::vector<Referrer>> referrers_of(schema_registry::Client& registry, const std::string& subject, int version);

}  // namespace omashu::inspect
