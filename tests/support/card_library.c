/* 测试用阅读机库: ours, no maker's. It has the SDT interface and a card whose words come from the environment. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *mode(void) { const char *m = getenv("CARD_MODE"); return m ? m : ""; }

int SDT_OpenPort(int port) {
    if (!strcmp(mode(), "hang")) pause();
    return port == 1001 && strcmp(mode(), "away") ? 0x90 : 0x01;
}
int SDT_ClosePort(int port) { (void)port; return 0x90; }
int SDT_StartFindIDCard(int port, unsigned char *info, int open) {
    (void)port; (void)info; (void)open;
    if (!strcmp(mode(), "crash")) abort();
    if (!strcmp(mode(), "unplugged")) return 0x02;
    if (!strcmp(mode(), "unauthorised")) return 0x66;
    return strcmp(mode(), "empty") ? 0x9F : 0x80;
}
int SDT_SelectIDCard(int port, unsigned char *info, int open) { (void)port; (void)info; (void)open; return 0x90; }
int SDT_ReadBaseMsg(int port, unsigned char *text, unsigned *text_size, unsigned char *picture, unsigned *size, int open) {
    (void)port; (void)picture; (void)open;
    const char *hex = getenv("CARD_TEXT");
    if (!strcmp(mode(), "gone") || !hex) return 0x41;
    for (unsigned i = 0; i < 256; i++) {
        char byte[3] = {hex[2 * i], hex[2 * i + 1], 0};
        text[i] = (unsigned char)strtoul(byte, 0, 16);
    }
    *text_size = 256; *size = 1024;
    return 0x90;
}
