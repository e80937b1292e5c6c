// What systemd wants to hear of a service of Type=notify (sd_notify(3)).
#ifndef ARBSTR_PROXY_SERVICE_MANAGER_H_
#define ARBSTR_PROXY_SERVICE_MANAGER_H_

#include <string>

namespace arbstr::proxy {

// Sends `state`, as in "READY=1", to the socket that NOTIFY_SOCKET names: a path, or an abstract name behind
// an @. False: nothing was sent, because there is no service manager or it does not listen, which is no
// mistake. Blocks for a second at most.
bool TellServiceManager(const std::string& state);

// "RELOADING=1" with the time that has to go with it. To be followed by "READY=1".
std::string ReloadingState();

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVICE_MANAGER_H_
