// Which of the forms that an answer can have a client wants (RFC 9110, section 12.5.1).

#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace omashu::service {

// The index of the form that the Accept line prefers, the first of equal ones; the first where there is no such line.
// Nothing where it takes none of them.
std::optional<size_t> preferred_media_type(std::string_view accept, std::span<const std::string_view> forms);

}  // namespace omashu::service
