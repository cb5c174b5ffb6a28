// What a write comes to: the records that make it so, decided on the state as it is.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "schema_registry/server/api_error.h"
#include "schema_registry/server/schemas_topic.h"
#include "schema_registry/server/store.h"

namespace omashu::schema_registry::server {

struct Decision {
  std::vector<TopicRecord> records;  // none where the state is already as it is wanted
  std::string answer;                // the body of the answer once they are in the topic
};

// A pure function of the state.
using Decide = std::function<Answer<Decision>(const Store&)>;

}  // namespace omashu::schema_registry::server
