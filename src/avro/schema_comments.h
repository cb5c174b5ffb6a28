// Comments in schema files, which Avro Java's parser and so the registries accept: // to the end of the line, and /*
// */.

#pragma once

#include <string>
#include <string_view>

namespace omashu::avro {

// The text with a space for each byte of its comments, so that everything else keeps its line and column. Strings are
// left alone; a comment that does not end stays as it is, for the JSON reader to refuse.
std::string without_comments(std::string_view text);

}  // namespace omashu::avro
