// The dashboard: its page at `/`, the page of the API at `/docs`, and what they load below `/web/`. docs/dashboard.md
// has what it shows.
//
// The addresses of the files carry a digest of all of them, so that browsers keep them for good, and a new build is new
// addresses. The page itself is asked for each time, and costs a 304.

#pragma once

#include "http/router.h"

namespace omashu::service {

// No operations: they are not part of the API, and openapi.json does not tell of them.
void add_dashboard(http::Router& router);

}  // namespace omashu::service
