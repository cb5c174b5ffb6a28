// Names (specification, "Names"): [A-Za-z_][A-Za-z0-9_]*, and dotted sequences of them.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace omashu::avro {

bool is_name(std::string_view text);

// One or more names with dots between them: a namespace or a full name.
bool is_dotted_name(std::string_view text);

// The full name that `name` means inside `name_space` ("" is the null namespace): a dotted one is full already.
std::string qualify(std::string_view name, std::string_view name_space);

// The type that a name in a namespace most likely stands for where somebody wrote it without its own object: "record",
// "enum", "fixed", "array", "map" and "error" are no names of types but words of the "type" attribute.
bool is_complex_type_word(std::string_view name);

}  // namespace omashu::avro
