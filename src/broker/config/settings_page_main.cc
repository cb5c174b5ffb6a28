// Prints docs/settings.md.

#include <cstdio>
#include <string>

#include "broker/config/settings_page.h"

int main() {
  const std::string page = omashu::broker::settings_page();
  return std::fwrite(page.data(), 1, page.size(), stdout) == page.size() ? 0 : 1;
}
