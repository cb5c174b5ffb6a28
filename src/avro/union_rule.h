// Which branch of a union a JSON value belongs to.
//
// This is the one place that knows. The encoder asks it for the branch that a text means; the decoder's plain JSON asks
// it whether a bare value would be taken for the branch that it is, and tags the value ({"branch":value}) where not.
//
// A value belongs to the branch that it names, where it is an object with one member that has a branch's name and a
// value which that branch can take. Any other value is bare and belongs to the first branch that it suits best:
//   null, true, false     to null and boolean
//   a whole number        to int (within 32 bits) or long, else to float or double, or to a decimal
//   another number        to float or double, else to a decimal
//   a string              to a string, an enum that has the symbol, or a logical type that has the text; else to bytes
//                         or fixed whose code points it can be, or to a float or double ("NaN", "Infinity")
//   an array              to the array
//   an object             to the only record or map, else to the first one that its members suit; where there is none,
//                         {"base64":"…"} to bytes or fixed
// Values within a value are looked at by their kind only.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "avro/codec.h"
#include "avro/schema.h"
#include "base/json.h"
#include "omashu/result.h"

namespace omashu::avro {

// How a branch is called in a tag.
std::string_view branch_name(const Node& branch);

struct BranchChoice {
  size_t branch = 0;
  bool is_tagged = false;
};

// `at` has just read the first token of the value. Nothing where no branch takes it.
std::optional<BranchChoice> choose_branch(const Node& union_type, const json::Reader& at, JsonForm form);

// The same for the usual object without looking further than its first name: `text` begins with it. Nothing where that
// does not suffice. In Avro's form an object with a branch's name is tagged, whatever comes behind the name.
std::optional<BranchChoice> choose_by_first_name(const Node& union_type, std::string_view text, JsonForm form);

// Whether some plain text of that branch could be read as another branch, so that each value has to be looked at.
bool may_be_misread(const Node& union_type, size_t branch);

// Whether the bare text, which plain JSON gives for a value of that branch, is read as that branch.
bool is_read_as(const Node& union_type, size_t branch, std::string_view text);

// The bytes that a string stands for under a type that is bytes or fixed. In plain JSON the text of a logical type
// comes first; what is no such text is code points where it cannot be a slip of the pen. In Avro's form a string is
// always code points.
Result<std::string> bytes_of_text(const Node& type, std::string_view text, JsonForm form);

// The bytes of {"base64":"…"}, where `at` has read the object's beginning and the whole is just that.
std::optional<std::string> bytes_of_base64(json::Reader at);

}  // namespace omashu::avro
