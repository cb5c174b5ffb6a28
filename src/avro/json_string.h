// Strings as JSON.

#pragma once

#include <cstddef>
#include <string_view>

namespace omashu::avro {

// The most that the functions below write for `size` bytes: all may need escapes, and they write in steps.
constexpr size_t max_json_string(size_t size) { return 6 * size + 2 + 16; }

// Writes the text in quotes and returns the end; nullptr where it is not UTF-8. `readable` bytes may be read from its
// beginning on, at least its own.
char* write_json_string(char* out, std::string_view utf8, size_t readable);

// The same for bytes, as the code points 0 to 255.
char* write_json_bytes(char* out, std::string_view bytes);

}  // namespace omashu::avro
