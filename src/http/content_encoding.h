// Which compression of an answer a client takes (RFC 9110, section 12.5.3), and whether an answer is worth it.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "http/message.h"

namespace omashu::http {

enum class ContentEncoding : uint8_t { kIdentity, kGzip, kZstd };

std::string_view encoding_name(ContentEncoding encoding);  // as Content-Encoding has it

// The one of `choices` that an Accept-Encoding line weighs most, the first of equal ones; kIdentity where it takes none
// of them, weighs none at all higher, or cannot be understood.
ContentEncoding preferred_encoding(std::string_view accept_encoding, std::span<const ContentEncoding> choices);

// Whether the bytes of this answer are worth compressing, if there are enough of them: text and JSON are, what is
// compressed already is not.
bool is_compressible(const Response& response);

// Says in the head that the body is encoded, or that it might have been. A strong entity tag becomes a weak one: the
// bytes are not those that it named.
void describe_encoding(Response& response, ContentEncoding encoding);

}  // namespace omashu::http
