// What a certificate may be for.
#ifndef ARBSTR_MOCK_PROVIDER_HTTP_SERVER_NAME_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_SERVER_NAME_H_

#include <string>

namespace mock_provider {

// An address of either version, without brackets.
bool IsIpAddress(const std::string& text);

// Letters, digits, - and _ between dots, as DNS and container networks have it; the first label may be *.
bool IsDnsName(const std::string& text);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_SERVER_NAME_H_
