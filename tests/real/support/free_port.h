// A TCP port of the loopback interface on which nobody listens.

#pragma once

namespace omashu::real {

// From 20000 to 31999: above 32768 the kernel may give the port to an outgoing connection before the server takes it.
// No port twice in a process.
int free_port();

}  // namespace omashu::real
