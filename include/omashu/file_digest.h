// Checksums of files.

#pragma once

#include <string>

#include "omashu/result.h"

namespace omashu {

// In lower-case hexadecimal.
Result<std::string> sha256_text_of_file(const std::string& path);

}  // namespace omashu
