// What an HTTP answer of the registry means: a JSON value, or a typed error.

#pragma once

#include <string>

#include "base/json.h"
#include "omashu/result.h"
#include "schema_registry/client/registry_call.h"

namespace omashu::schema_registry {

// The code for an error that the registry reports.
ErrorCode code_of(int status, int error_code);

// The body of a success; else the error, which names the call, and what came where that is no registry's answer.
Result<json::Value> read_answer(const Answer& answer);

// The error for a success whose JSON has the wrong shape.
Error wrong_shape(const Answer& answer, const Error& why);

}  // namespace omashu::schema_registry
