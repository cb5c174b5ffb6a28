// What a name that no schema defines was most likely meant to be.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace omashu::avro {

// For a name that is nearly one of Avro's own types ("strin", "String"), one that other systems have in their place
// ("integer", "bool"), the name of a logical type ("date"), or a word like "record" that needs an object around it:
// what to write. Nothing for any other name. Types of one's own are usually written with a capital letter or a
// namespace, so that only a name without either counts as misspelt.
std::optional<std::string> builtin_type_advice(std::string_view name);

}  // namespace omashu::avro
