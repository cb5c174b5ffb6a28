// Client properties as users write them, under librdkafka's names or under Java's.

#pragma once

#include <span>
#include <string_view>

#include "base/properties.h"
#include "kafka/types.h"

namespace omashu::kafka {

// Passwords, keys and tokens: their values are never printed.
bool is_secret(std::string_view name);

// Whether there is such a property, by librdkafka's name or Java's; the error suggests the nearest.
Result<void> check_property_name(std::string_view name);

// Checks every name and value, and translates what Java's clients call otherwise where the meaning is one to one:
// sasl.jaas.config, PEM and PKCS#12 stores, class names of assignors. Later properties win. Errors are
// kInvalidArgument, carry the property's line, and name the nearest property for one that does not exist.
Result<ClientConfig> make_client_config(std::span<const Property> properties);

}  // namespace omashu::kafka
