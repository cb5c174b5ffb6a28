// What --dsn may be: what libpq takes for a database (a name, key=value pairs, a postgresql:// URI), without a
// password.

#pragma once

#include <string>

#include "omashu/result.h"

namespace omashu::sink::postgres {

// kInvalidArgument where libpq does not read it, or where it holds a secret, which others on this machine would see in
// the list of processes. The error shows nothing of the text.
Result<void> check_connection_string(const std::string& dsn);

}  // namespace omashu::sink::postgres
