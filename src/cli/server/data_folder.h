// Where servers keep their data unless they are told.

#pragma once

#include <string>
#include <string_view>

namespace omashu::cli {

// A folder of that name where data of users goes (XDG Base Directory Specification).
std::string default_data_folder(std::string_view name);

}  // namespace omashu::cli
