// What Java's clients call otherwise than librdkafka does. Private to this folder.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/properties.h"

namespace omashu::kafka {

// The same property under librdkafka's name or names; itself, where Java has nothing to say. `all` are the properties
// that it stands among: the meaning of some depends on others. Errors name no line yet.
Result<std::vector<Property>> translate_java_property(const Property& property, std::span<const Property> all);

// The names that only Java's clients have, for messages about misspelt ones.
std::span<const std::string> java_property_names();

}  // namespace omashu::kafka
