// What a client reads of a compressed body, or of the beginning of one.

#pragma once

#include <string>
#include <string_view>

#include "http/content_encoding.h"

namespace omashu::http::testing {

std::string decompressed(std::string_view body, ContentEncoding encoding);

}  // namespace omashu::http::testing
