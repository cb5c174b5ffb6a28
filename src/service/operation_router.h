// Operations as routes: each behind the checks that its declaration implies.

#pragma once

#include "http/router.h"
#include "omashu/result.h"
#include "service/operation.h"

namespace omashu::service {

// Fails where a declaration contradicts itself, or two have the same route or id: a bug.
Result<http::Router> make_router(const Operations& operations);

}  // namespace omashu::service
