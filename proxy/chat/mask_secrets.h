// Providers' keys kept out of what a provider says: they may come back in an error, a header or an answer.
#ifndef ARBSTR_PROXY_CHAT_MASK_SECRETS_H_
#define ARBSTR_PROXY_CHAT_MASK_SECRETS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace arbstr::proxy {

// The secrets as the functions below want them: without empty ones, and a longer one before what may be part
// of it.
std::vector<std::string> SortedSecrets(std::vector<std::string> secrets);

// `text` with every occurrence of `key` masked, those too that JSON escapes ("\/" for "/"). An empty key
// changes nothing.
std::string MaskSecret(std::string_view text, const std::string& key);

// MaskSecret for each of `secrets`.
std::string MaskSecrets(std::string text, const std::vector<std::string>& secrets);

// How many bytes the longest of the secrets may take, where JSON escapes all of it.
std::size_t LongestSecret(const std::vector<std::string>& secrets);

// MaskSecrets for the beginning of a longer text. `cut`: the text goes on, so that its last LongestSecret
// bytes here, which may hold part of a secret, are left out.
std::string MaskedBeginning(std::string_view beginning, bool cut, const std::vector<std::string>& secrets);

// An Excerpt for an error of ours, masked before it is cut, so that no part of a secret is left at its end.
std::string MaskedExcerpt(std::string_view text, const std::vector<std::string>& secrets);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_MASK_SECRETS_H_
