// docs/settings.md, written from the declarations of the settings.

#pragma once

#include <string>

namespace omashu::broker {

std::string settings_page();

}  // namespace omashu::broker
