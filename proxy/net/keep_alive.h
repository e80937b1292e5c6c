#ifndef ARBSTR_PROXY_NET_KEEP_ALIVE_H_
#define ARBSTR_PROXY_NET_KEEP_ALIVE_H_

namespace arbstr::proxy {

// Makes the kernel ask a silent peer whether it is there, after a minute and then four times, a quarter of a
// minute apart: while a model thinks nothing is sent, and what translates or balances connections on the way
// forgets them, some within two minutes. Of a TCP socket; what a listening one accepts has it from it. Where
// it cannot be set, the connection does without.
void KeepAlive(int socket);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_KEEP_ALIVE_H_
