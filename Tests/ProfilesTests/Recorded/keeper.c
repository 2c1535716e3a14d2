#include <stdlib.h>
#include <string.h>
#include <stdio.h>
__attribute__((noinline)) void *small_blocks(int n){void **keep=malloc(n*sizeof*keep);for(int i=0;i<n;i++){keep[i]=malloc(64);memset(keep[i],1,64);}return keep;}
__attribute__((noinline)) void *big_block(void){char*p=malloc(8<<20);memset(p,1,8<<20);return p;}
__attribute__((noinline)) void churn(int n){for(int i=0;i<n;i++){char*volatile p=malloc(1000);p[0]=1;free(p);}}
void *volatile a,*volatile b;
int main(){a=small_blocks(20000);b=big_block();churn(50000);return 0;}
