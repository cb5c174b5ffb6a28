// The OpenAPI document (3.1) of a service, from the declarations of its operations.
//
// An operation on {table} is written once for each table, with the table's own schemas: who generates a client from the
// document gets its types. In the schemas of declarations `#/components/schemas/Key`, `Value` and `Row` stand for those
// of the table.

#pragma once

#include <string>

#include "service/operation.h"
#include "service/tables.h"

namespace omashu::service {

std::string openapi_document(const Operations& operations, const Tables& tables, const std::string& version);

}  // namespace omashu::service
