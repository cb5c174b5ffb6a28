// Numbers of bytes as people read them.

#pragma once

#include <cstdint>
#include <string>

namespace omashu {

// "512 B", "1.5 KiB", "12.3 MiB": of 1024, with one digit after the point where it is not a whole number of bytes.
std::string byte_size_text(int64_t bytes);

}  // namespace omashu
