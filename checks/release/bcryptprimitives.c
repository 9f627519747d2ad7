/* The one function of Windows that Rust's standard library needs and Wine 8 lacks. It
   goes beside the program where that is tried under Wine, and is never handed out. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) {
    return RtlGenRandom(data, (ULONG)length);
}
