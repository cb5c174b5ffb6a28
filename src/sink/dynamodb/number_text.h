// Numbers as DynamoDB holds them: decimal, up to 38 significant digits, from 1E-130 to 9.99…E+125. Pure.

#pragma once

#include <cstddef>
#include <string_view>

#include "omashu/result.h"

namespace omashu::sink::dynamodb {

inline constexpr size_t kMaxDigits = 38;

// The bytes that the number counts for in an item; an error where `text` is no decimal number, or one that DynamoDB
// would round or refuse.
Result<size_t> number_size(std::string_view text);

}  // namespace omashu::sink::dynamodb
