// JSON merge patch (RFC 7396): the members of the patch take the place of the target's, objects are merged, and null
// removes a member.

#pragma once

#include "base/json.h"

namespace omashu::service {

json::Value merge_patch(json::Value target, const json::Value& patch);

}  // namespace omashu::service
